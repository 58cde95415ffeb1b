// Where a child is until it has become its program: a stack, and low descriptors for its streams.
#define _GNU_SOURCE
#include "clinux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    STACK_BYTES = 64 * 1024,  // the child needs about 1 KiB; the rest is room for sanitizers
    GUARD_BYTES = 64 * 1024,  // at least one page on every page size Linux uses
};

/// With a guard page below.
static void *map_stack(void) {
    char *area = mmap(NULL, GUARD_BYTES + STACK_BYTES, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (area == MAP_FAILED) return NULL;
    if (mprotect(area, GUARD_BYTES, PROT_NONE) != 0) {
        int error = errno;
        munmap(area, GUARD_BYTES + STACK_BYTES);
        errno = error;
        return NULL;
    }
    return area;
}

int clx_place_open(struct clx_spawn_place *place) {
    *place = (struct clx_spawn_place){.stack = map_stack(), .nowhere = -1, .slots = {-1, -1, -1}};
    place->nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    bool is_open = place->stack != NULL && place->nowhere >= 0;
    if (is_open) place->stack_top = (char *)place->stack + GUARD_BYTES + STACK_BYTES;
    for (int stream = 0; is_open && stream < CLX_STREAMS; stream += 1) {
        // each above the one before, and above the streams of a server that was started without some
        int above = stream == 0 ? 3 : place->slots[stream - 1] + 1;
        place->slots[stream] = fcntl(place->nowhere, F_DUPFD_CLOEXEC, above);
        is_open = place->slots[stream] >= 0;
    }
    if (is_open) return 0;
    // what fcntl says when not even the number is allowed
    int error = errno == EINVAL ? EMFILE : errno;
    clx_place_close(place);
    errno = error;
    return -1;
}

void clx_place_close(struct clx_spawn_place *place) {
    for (int stream = 0; stream < CLX_STREAMS; stream += 1)
        if (place->slots[stream] >= 0) close(place->slots[stream]);
    if (place->nowhere >= 0) close(place->nowhere);
    if (place->stack != NULL) munmap(place->stack, GUARD_BYTES + STACK_BYTES);
}

/// dup3 closes what a slot held and keeps its number from anybody else.
int clx_place_fill(const struct clx_spawn_place *place, const int streams[CLX_STREAMS]) {
    for (int stream = 0; stream < CLX_STREAMS; stream += 1)
        if (streams[stream] >= 0 && dup3(streams[stream], place->slots[stream], O_CLOEXEC) < 0) return -1;
    return 0;
}

/// The child's ends must not stay open here: their closing tells us that the child has ended.
void clx_place_empty(const struct clx_spawn_place *place, const int streams[CLX_STREAMS]) {
    for (int stream = 0; stream < CLX_STREAMS; stream += 1)
        if (streams[stream] >= 0) dup3(place->nowhere, place->slots[stream], O_CLOEXEC);
}
