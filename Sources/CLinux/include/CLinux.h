// What `import Glibc` does not show to Swift: epoll, eventfd, pidfd, `_np` calls, and the spawn path.
// No _GNU_SOURCE here: a header must not change what its includers see. The .c files define it.
#ifndef CLINUX_H
#define CLINUX_H

#include "clinux_file.h"
#include "clinux_io.h"
#include "clinux_process.h"
#include "clinux_memory.h"
#include "clinux_signal.h"

#endif
