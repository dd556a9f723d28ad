#ifndef CPORTSYSTEM_H
#define CPORTSYSTEM_H

// The parts of the kernel's and the C library's interfaces that Swift does not import: socket diagnostics, pidfd calls
// and fork(2). The code here is one-line wrappers of calls for which not every supported libc has a visible function.

#include <unistd.h>

#if defined(__linux__)

#include <linux/falloc.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/stat.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

// fork(2), but without a SIGCHLD when the child ends. A caller that inherited SIGCHLD as ignored could not wait for the
// child, and if it is blocked, it would stay pending for the program that the caller executes later. Wait with
// cport_wait_options. Swift makes fork(2) unavailable because it is unsafe in multi-threaded programs: call this only
// from a process with one thread.
static inline pid_t cport_fork(void) { return (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0); }
static const int cport_wait_options = 0x40000000; // __WALL of the kernel's include/uapi/linux/wait.h

// The path that this program was executed by, which may be relative: getauxval(3).
static inline const char *cport_executable_path(void) { return (const char *)getauxval(AT_EXECFN); }

// Removes the environment variable SWIFT_ROOT if the start of this program has set it because there is no /proc.
void cport_forget_runtime_path(void);

// pidfd_open(2), Linux 5.3: returns a descriptor that refers to the process `pid`, or -1 with errno set.
static inline int cport_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

// pidfd_send_signal(2), Linux 5.1: signals the process that the descriptor refers to, and never a later process with
// the same pid. Returns -1 with errno set on failure.
static inline int cport_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, (siginfo_t *)0, 0);
}

// statx(2), Linux 4.11: the inode and the birth time of the file at `path`, which is relative to the open `directory`.
// Returns -1 with errno set on failure.
static inline int cport_statx(int directory, const char *path, struct statx *result) {
    return (int)syscall(SYS_statx, directory, path, 0, STATX_INO | STATX_BTIME, result);
}

// fallocate(2) with FALLOC_FL_KEEP_SIZE: gives the open file room for its first bytes. Returns -1 with errno set on
// failure. The header of the function declares it only with _GNU_SOURCE.
extern int fallocate(int file, int mode, off_t offset, off_t length);
static inline int cport_reserve(int file, off_t bytes) { return fallocate(file, FALLOC_FL_KEEP_SIZE, 0, bytes); }

// Makes this process find users and groups in /etc/passwd and /etc/group alone, whatever nsswitch.conf(5) names beside
// them. Does nothing without glibc, which alone has such modules.
void cport_find_users_in_files(void);

// posix_spawn_file_actions_addclosefrom_np(3), glibc 2.34. Its header declares the function only with _GNU_SOURCE.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
static inline int cport_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

#else

static inline void cport_find_users_in_files(void) {}

// fork(2). Swift makes it unavailable because it is unsafe in multi-threaded programs: call this only from a process
// with one thread.
static inline pid_t cport_fork(void) { return fork(); }
static const int cport_wait_options = 0;

#endif

#endif
