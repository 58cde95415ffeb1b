#ifndef CLINUX_SIGNAL_H
#define CLINUX_SIGNAL_H
#include <sys/types.h>

// Blocks the signals for this thread and those it starts, and opens a signalfd(2) for them; -1 on failure.
int clinux_signalfd(const int *signals, int count);

// The number of the next signal that came, 0 when none waits.
int clinux_next_signal(int descriptor);

// signal(2) with SIG_IGN.
void clinux_ignore(int signal);

#endif
