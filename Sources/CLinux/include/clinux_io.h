#ifndef CLINUX_IO_H
#define CLINUX_IO_H
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/socket.h>

#endif
