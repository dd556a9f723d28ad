#ifndef CPORTSYSTEM_H
#define CPORTSYSTEM_H

// What Swift's Glibc module does not show: the kernel's socket diagnostics and pidfd calls. Headers only: no code of
// ours beyond one-line wrappers for system calls without a libc function that every supported libc has.

#include <unistd.h>

#if defined(__linux__)

#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

// fork(2), which Swift does not show because of programs with threads, without SIGCHLD at the child's end: the caller may
// have blocked or ignored that for a program that it becomes. For single-threaded commands only; waited for with __WALL.
static inline pid_t cport_fork(void) { return (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0); }
static const int cport_wait_options = 0x40000000; // __WALL of the kernel's include/uapi/linux/wait.h

// pidfd_open(2), Linux 5.3: a descriptor for one process; -1 with errno set.
static inline int cport_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

// pidfd_send_signal(2), Linux 5.1: signals the very process the descriptor was opened for; -1 with errno set.
static inline int cport_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, (siginfo_t *)0, 0);
}

// posix_spawn_file_actions_addclosefrom_np(3), glibc 2.34, which its header shows only with _GNU_SOURCE.
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
static inline int cport_spawn_close_from(posix_spawn_file_actions_t *actions, int from) {
    return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

#else

// fork(2), which Swift does not show because of programs with threads. For single-threaded commands only.
static inline pid_t cport_fork(void) { return fork(); }
static const int cport_wait_options = 0;

#endif

#endif
