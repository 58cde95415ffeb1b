#include "CLinux.h"
#include <malloc.h>

void clinux_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }
