#ifndef CLINUX_PROCESS_H
#define CLINUX_PROCESS_H
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>

#endif
