#ifndef CLINUX_MEMORY_H
#define CLINUX_MEMORY_H

// Threads share this many heaps of malloc from now on. mallopt(3), M_ARENA_MAX
void clinux_limit_arenas(int count);

#endif
