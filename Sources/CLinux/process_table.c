// What /proc tells about processes. The guardian uses it in a process that must not allocate or lock: raw
// calls and buffers on the stack only.
#define _GNU_SOURCE
#include "clinux_process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    DIRECTORY_BYTES = 8 * 1024,
    STAT_BYTES = 512,               // pid, name (at most 64 bytes) and four numbers come first
    LIMITS_BYTES = 4 * 1024,        // sixteen lines of 80 bytes
};

static const char mark_line[] = "\nMax realtime timeout";

/// The number a name in /proc stands for; 0 when it is not a process.
static pid_t pid_of_name(const char *name) {
    long pid = 0;
    for (; *name != 0; name += 1) {
        if (*name < '0' || *name > '9' || pid > 100000000) return 0;
        pid = pid * 10 + (*name - '0');
    }
    return (pid_t)pid;
}

long clx_process_list(pid_t *pids, size_t capacity) {
    int directory = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return -1;
    _Alignas(struct dirent64) char entries[DIRECTORY_BYTES];
    long count = 0, bytes;
    while ((bytes = syscall(SYS_getdents64, directory, entries, sizeof entries)) > 0) {
        for (long at = 0; at < bytes;) {
            struct dirent64 *entry = (struct dirent64 *)(entries + at);
            at += entry->d_reclen;
            pid_t pid = pid_of_name(entry->d_name);
            if (pid <= 0) continue;
            if ((size_t)count < capacity) pids[count] = pid;
            count += 1;
        }
    }
    close(directory);
    return bytes < 0 ? -1 : count;
}

/// open("/proc/PID/FILE") without snprintf, which may allocate.
static int open_process_file(pid_t pid, const char *file) {
    char digits[12], path[48] = "/proc/";
    size_t count = 0, at = strlen(path);
    for (pid_t rest = pid; rest > 0; rest /= 10) digits[count++] = (char)('0' + rest % 10);
    while (count > 0) path[at++] = digits[--count];
    path[at++] = '/';
    strcpy(path + at, file);
    return open(path, O_RDONLY | O_CLOEXEC);
}

static const char *read_number(const char *text, pid_t *number) {
    while (*text == ' ') text += 1;
    pid_t value = 0;
    bool negative = *text == '-';
    if (negative) text += 1;
    while (*text >= '0' && *text <= '9') value = value * 10 + (*text++ - '0');
    *number = negative ? -value : value;
    return text;
}

/// `pid (name) state ppid pgrp session …`: the name may hold anything, a closing parenthesis too.
int clx_process_stat(pid_t pid, struct clx_process_stat *stat) {
    int file = open_process_file(pid, "stat");
    if (file < 0) return -1;
    char text[STAT_BYTES + 1];
    ssize_t bytes = read(file, text, STAT_BYTES);
    close(file);
    if (bytes <= 0) return -1;
    text[bytes] = 0;
    const char *end_of_name = memrchr(text, ')', (size_t)bytes);
    if (end_of_name == NULL || end_of_name + 2 >= text + bytes) return -1;
    stat->pid = pid;
    stat->state = end_of_name[2];
    const char *rest = read_number(end_of_name + 3, &stat->parent);
    rest = read_number(rest, &stat->group);
    read_number(rest, &stat->session);
    return 0;
}

/// The number at `text`, past blanks; 0 for "unlimited" and for more than 64 bits.
static uint64_t read_limit(const char **text) {
    while (**text == ' ') *text += 1;
    uint64_t value = 0;
    for (; **text >= '0' && **text <= '9'; *text += 1)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, **text - '0', &value)) return 0;
    while (**text > ' ') *text += 1;
    return value;
}

/// `Max realtime timeout  SOFT  HARD  us`: the hard one, which does not go up again.
uint64_t clx_process_mark(pid_t pid) {
    int file = open_process_file(pid, "limits");
    if (file < 0) return 0;
    char text[LIMITS_BYTES + 1];
    size_t count = 0;
    for (ssize_t bytes; count < LIMITS_BYTES && (bytes = read(file, text + count, LIMITS_BYTES - count)) > 0;)
        count += (size_t)bytes;
    close(file);
    text[count] = 0;
    const char *line = strstr(text, mark_line);
    if (line == NULL) return 0;
    const char *values = line + sizeof mark_line - 1;
    read_limit(&values);
    return read_limit(&values);
}
