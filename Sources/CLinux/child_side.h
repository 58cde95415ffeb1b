// What every file needs that starts a process in our memory (CLONE_VM): not a header of the module.
#ifndef CHILD_SIDE_H
#define CHILD_SIDE_H
#include <sched.h>

// Sanitizers keep a shadow per thread; the child runs on the thread's identity with another stack. no_sanitize still
// notes each call, and execve never returns: after 65,536 children the thread's notes would be full.
#if defined(__has_attribute)
#if __has_attribute(disable_sanitizer_instrumentation)
#define UNSEEN disable_sanitizer_instrumentation,
#endif
#endif
#ifndef UNSEEN
#define UNSEEN
#endif
#define CHILD_SIDE __attribute__((UNSEEN no_sanitize("address", "thread", "undefined"), noinline))

// ThreadSanitizer takes every clone for a fork and loses its mind over a child in the parent's memory;
// glibc's own name for the call is not intercepted.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
extern int __clone(int (*)(void *), void *, int, void *, ...);
#define clone __clone
#endif
#endif

enum { KERNEL_SIGSET_BYTES = 8 };

#endif
