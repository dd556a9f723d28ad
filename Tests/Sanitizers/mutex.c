/*
 * Tells ThreadSanitizer of the standard library's Mutex where it cannot see it. The fast ways of locking and unlocking are
 * compiled into our code, and seen; the slow ones, for a lock that another thread has, are in a library that was built
 * without the sanitizer (SE-0433's LinuxImpl.swift). Without this, every lock that was ever waited for is called a race.
 * Preloaded; does nothing in programs without the sanitizer.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

#define SELF __attribute__((swift_context)) void *self
typedef __attribute__((swiftcall)) void Lock(uint32_t thread, SELF);
typedef __attribute__((swiftcall)) void Unlock(SELF);

/* Synchronization._MutexHandle._lockSlow(UInt32) and _unlockSlow(), which has the lock's address in `self`. */
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

Lock lock_slow __asm__(LOCK);
Unlock unlock_slow __asm__(UNLOCK);

__attribute__((swiftcall)) void lock_slow(uint32_t thread, SELF) {
    ((Lock *)dlsym(RTLD_NEXT, LOCK))(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

__attribute__((swiftcall)) void unlock_slow(SELF) {
    if (__tsan_release) __tsan_release(self);
    ((Unlock *)dlsym(RTLD_NEXT, UNLOCK))(self);
}
