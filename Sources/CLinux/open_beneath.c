// Opens what a path names below a folder and nothing else: by openat2(2), or step by step where that call is not to be
// had. systemd answers ENOSYS for it in every service with RestrictSUIDSGID=, which DynamicUser= implies, because no
// filter can look at the flags behind its pointer; some containers answer EPERM.
#define _GNU_SOURCE
#include "CLinux.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    // The kernel says EAGAIN when a rename anywhere raced with "..": openat2(2) asks to try again.
    RACES_MAX = 8,
    // As many as the kernel follows (path_resolution(7)).
    LINKS_MAX = 40,
    // Folders open at once; deeper is ENAMETOOLONG.
    DEPTH_MAX = 64,
    OPENING = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
};

/// The folders from the served one down to where we are. Each is open, so that ".." leads to where we came from,
/// whatever is renamed meanwhile; and no step follows a link.
struct walk {
    int folders[DEPTH_MAX];
    int depth;
    int links;
    int races;
    // What is still to go, with the slash in front where something went before.
    char rest[PATH_MAX];
};

static int fail(int error) {
    errno = error;
    return -1;
}

/// Takes the next name from the rest; 0: there is none.
static size_t take_name(struct walk *walk, char name[NAME_MAX + 1]) {
    const char *begin = walk->rest + strspn(walk->rest, "/");
    size_t length = strcspn(begin, "/");
    if (length > NAME_MAX) return length;
    memcpy(name, begin, length);
    name[length] = 0;
    memmove(walk->rest, begin + length, strlen(begin + length) + 1);
    return length;
}

static int put_in_front(struct walk *walk, const char *text, size_t length) {
    size_t left = strlen(walk->rest);
    if (length + left >= sizeof walk->rest) return fail(ENAMETOOLONG);
    memmove(walk->rest + length, walk->rest, left + 1);
    memcpy(walk->rest, text, length);
    return 0;
}

static int follow(struct walk *walk, int link) {
    char target[PATH_MAX];
    ssize_t length = readlinkat(link, "", target, sizeof target);
    if (length < 0) return -1;
    if (length == 0) return fail(ENOENT);
    if (target[0] == '/') return fail(EXDEV);
    if (++walk->links > LINKS_MAX) return fail(ELOOP);
    return put_in_front(walk, target, (size_t)length);
}

/// Reads what was no link a moment ago; where it has become one, the name is taken again.
static int read_file(struct walk *walk, const char *name) {
    if (walk->rest[0] != 0) return fail(ENOTDIR);
    int file = openat(walk->folders[walk->depth], name, OPENING | O_NOFOLLOW);
    if (file >= 0 || errno != ELOOP || ++walk->races > RACES_MAX) return file;
    return put_in_front(walk, name, strlen(name)) < 0 ? -1 : -2;
}

/// One name further: a descriptor of what the whole path names, -1 with errno, or -2: there is more to go.
static int step(struct walk *walk, const char *name) {
    if (strcmp(name, ".") == 0) return -2;
    if (strcmp(name, "..") == 0) {
        if (walk->depth == 0) return fail(EXDEV);
        close(walk->folders[walk->depth--]);
        return -2;
    }
    int found = openat(walk->folders[walk->depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (found < 0) return -1;
    struct stat status;
    int answer = fstat(found, &status) < 0 ? -1 : -2;
    if (answer == -2 && S_ISDIR(status.st_mode)) {
        if (walk->depth + 1 < DEPTH_MAX) {
            walk->folders[++walk->depth] = found;
            return -2;
        }
        answer = fail(ENAMETOOLONG);
    } else if (answer == -2 && S_ISLNK(status.st_mode)) {
        answer = follow(walk, found) < 0 ? -1 : -2;
    } else if (answer == -2) {
        answer = read_file(walk, name);
    }
    int error = errno;
    close(found);
    errno = error;
    return answer;
}

int clinux_open_step_by_step(int folder, const char *path) {
    struct walk walk;
    walk.folders[0] = folder;
    walk.depth = walk.links = walk.races = 0;
    if (path[0] == '/') return fail(EXDEV);
    if (path[0] == 0) return fail(ENOENT);
    if (strlen(path) >= sizeof walk.rest) return fail(ENAMETOOLONG);
    strcpy(walk.rest, path);
    int answer = -2;
    while (answer == -2) {
        char name[NAME_MAX + 1];
        size_t length = take_name(&walk, name);
        if (length > NAME_MAX) answer = fail(ENAMETOOLONG);
        else if (length == 0) answer = openat(walk.folders[walk.depth], ".", OPENING | O_DIRECTORY);
        else answer = step(&walk, name);
    }
    int error = errno;
    while (walk.depth > 0) close(walk.folders[walk.depth--]);
    errno = error;
    return answer;
}

int clinux_open_beneath(int folder, const char *path) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = OPENING;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    for (int attempt = 0; attempt < RACES_MAX; attempt++) {
        long file = syscall(SYS_openat2, folder, path, &how, sizeof how);
        if (file >= 0) return (int)file;
        if (errno == ENOSYS || errno == EPERM) return clinux_open_step_by_step(folder, path);
        if (errno != EAGAIN && errno != EINTR) return -1;
    }
    return -1;
}
