#ifndef CLINUX_FILE_H
#define CLINUX_FILE_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// What fstat(2) says of an open file, as far as serving it goes.
struct clinux_file_status {
    int64_t size;
    int64_t modified_seconds;
    uint32_t modified_nanoseconds;
    uint64_t inode;
    uint64_t device;
    bool is_regular;
    bool is_folder;
};

// openat2(2) below `folder`, for reading: no way out by "..", by an absolute path, by a link that leads out, or by the
// magic links of /proc; nothing that blocks, as a fifo would. A descriptor, or -1 with errno.
int clinux_open_beneath(int folder, const char *path);
// The same without openat2(2), where a sandbox forbids that.
int clinux_open_step_by_step(int folder, const char *path);
// A descriptor of a folder that paths are opened below (O_PATH), or -1 with errno.
int clinux_open_folder(const char *path);
int clinux_file_status(int file, struct clinux_file_status *status);
ssize_t clinux_pread(int file, void *buffer, size_t count, int64_t offset);
// sendfile(2) from `offset`; the file's own position is not touched.
ssize_t clinux_sendfile(int socket, int file, int64_t offset, size_t count);

#endif
