#include "CPortSystem.h"

#if defined(__linux__)

#include <stdlib.h>

static int hasRuntimePath = 0;

// Without /proc/self/exe, Swift's runtime ends the program before main with "Unable to obtain Swift runtime path". It
// only needs the path for backtraces. The priority is the first one that programs may use, before the runtime's own; in
// a dynamically linked program, the runtime is initialized before any of this.
__attribute__((constructor(101))) static void give_runtime_path(void) {
    if (access("/proc/self/exe", F_OK) == 0 || getenv("SWIFT_ROOT") != NULL) return;
    setenv("SWIFT_ROOT", "/", 1);
    hasRuntimePath = 1;
}

void cport_forget_runtime_path(void) {
    if (hasRuntimePath) unsetenv("SWIFT_ROOT");
}

#endif
