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
    ENVIRONMENT_CHUNK_BYTES = 4096,
    ENVIRONMENT_BYTES_MAX = 2 * 1024 * 1024,  // more than execve accepts by default
    ID_DIGITS = 32,
};

static const char id_key[] = "UNIQUE_ID=";
enum { ID_KEY_BYTES = sizeof id_key - 1, ID_ENTRY_BYTES = ID_KEY_BYTES + ID_DIGITS };

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

static int digit_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
    return -1;
}

static bool parse_id(const char *digits, uint64_t id[2]) {
    id[0] = id[1] = 0;
    for (int i = 0; i < ID_DIGITS; i += 1) {
        int value = digit_value(digits[i]);
        if (value < 0) return false;
        id[i / 16] = id[i / 16] << 4 | (uint64_t)value;
    }
    return true;
}

/// Looks for an entry that begins right after a NUL; `text` begins with one.
static bool find_id(const char *text, size_t bytes, uint64_t id[2]) {
    const char *end = text + bytes;
    for (const char *at = text; (at = memchr(at, 0, (size_t)(end - at))) != NULL; at += 1) {
        if (end - at <= ID_ENTRY_BYTES) return false;
        if (memcmp(at + 1, id_key, ID_KEY_BYTES) == 0 && parse_id(at + 1 + ID_KEY_BYTES, id)) return true;
    }
    return false;
}

/// Reads in pieces and carries one entry's length over, so that an entry across two pieces is found.
bool clx_process_unique_id(pid_t pid, uint64_t id[2]) {
    int file = open_process_file(pid, "environ");
    if (file < 0) return false;
    char text[ID_ENTRY_BYTES + 1 + ENVIRONMENT_CHUNK_BYTES] = {0};
    size_t kept = 1;  // the NUL before the first entry
    bool found = false;
    for (size_t total = 0; !found && total < ENVIRONMENT_BYTES_MAX;) {
        ssize_t bytes = read(file, text + kept, ENVIRONMENT_CHUNK_BYTES);
        if (bytes <= 0) break;
        total += (size_t)bytes;
        kept += (size_t)bytes;
        found = find_id(text, kept, id);
        size_t carry = kept < ID_ENTRY_BYTES ? kept : ID_ENTRY_BYTES;
        memmove(text, text + kept - carry, carry);
        kept = carry;
    }
    close(file);
    return found;
}
