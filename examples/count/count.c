/* Counts from 1 to COUNT (10), one number each PAUSE (1) seconds.
 *
 * Run:        gcc -O2 -o count examples/count/count.c && wsbridge --cmd ./count
 * Buffering:  stdio keeps output back when it is not a terminal; setvbuf(stdout, NULL, _IOLBF, 0) sends each line.
 *             For a program that you cannot change: `stdbuf -oL program`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : 10;
    double pause = argc > 2 ? strtod(argv[2], NULL) : 1.0;
    struct timespec wait = {(time_t)pause, (long)((pause - (double)(time_t)pause) * 1e9)};

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (long number = 1; number <= count; number++) {
        printf("%ld\n", number);
        if (number < count) nanosleep(&wait, NULL);
    }
    return 0;
}
