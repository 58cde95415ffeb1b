#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// As in io.c: sanitizers look at the buffers of glibc's functions.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define CALLS_OF_GLIBC
#endif
#endif

int clinux_open_folder(const char *path) {
    return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int clinux_file_status(int file, struct clinux_file_status *status) {
    struct stat found;
#if defined(SYS_fstat) && !defined(CALLS_OF_GLIBC)
    // glibc's goes by a path since 2.33, which takes longer. Where the call exists its struct is the same.
    if (syscall(SYS_fstat, file, &found) != 0) return -1;
#else
    if (fstat(file, &found) != 0) return -1;
#endif
    status->size = found.st_size;
    status->modified_seconds = found.st_mtim.tv_sec;
    status->modified_nanoseconds = (uint32_t)found.st_mtim.tv_nsec;
    status->inode = found.st_ino;
    status->device = found.st_dev;
    status->is_regular = S_ISREG(found.st_mode);
    status->is_folder = S_ISDIR(found.st_mode);
    return 0;
}

ssize_t clinux_pread(int file, void *buffer, size_t count, int64_t offset) {
#if defined(SYS_pread64) && defined(__LP64__) && !defined(CALLS_OF_GLIBC)
    return syscall(SYS_pread64, file, buffer, count, offset);
#else
    return pread(file, buffer, count, offset);
#endif
}

ssize_t clinux_sendfile(int socket, int file, int64_t offset, size_t count) {
    off_t from = offset;
    return sendfile(socket, file, &from, count);
}
