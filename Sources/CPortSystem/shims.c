#include "CPortSystem.h"

#if defined(__linux__)

#include <stdlib.h>
#if defined(__GLIBC__)
#include <nss.h>
#endif

// Of Swift's runtime: sets the arguments that CommandLine returns, which it otherwise reads from /proc/self/cmdline.
extern void _swift_stdlib_overrideUnsafeArgvArgc(char **argv, int argc) __attribute__((weak));

static int hasRuntimePath = 0;

// Without /proc, Swift's runtime ends the program before main with "Unable to obtain Swift runtime path", which it
// needs only for backtraces, and knows no arguments. The C library passes these to each constructor. The priority is the
// first one that programs may use, so that this comes before the runtime's own constructors.
__attribute__((constructor(101))) static void replace_proc(int argc, char **argv, char **environment) {
    (void)environment;
    if (access("/proc/self/exe", F_OK) == 0) return;
    if (_swift_stdlib_overrideUnsafeArgvArgc) _swift_stdlib_overrideUnsafeArgvArgc(argv, argc);
    if (getenv("SWIFT_ROOT") != NULL) return;
    setenv("SWIFT_ROOT", "/", 1);
    hasRuntimePath = 1;
}

void cport_find_users_in_files(void) {
#if defined(__GLIBC__)
    __nss_configure_lookup("passwd", "files");
    __nss_configure_lookup("group", "files");
#endif
}

void cport_forget_runtime_path(void) {
    if (hasRuntimePath) unsetenv("SWIFT_ROOT");
}

#endif
