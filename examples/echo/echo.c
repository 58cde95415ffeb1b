/* Sends each line back.
 *
 * Run:        gcc -O2 -o echo examples/echo/echo.c && wsbridge --cmd ./echo
 * Buffering:  setvbuf(stdout, NULL, _IOLBF, 0) sends each line at once.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length;

    setvbuf(stdout, NULL, _IOLBF, 0);
    while ((length = getline(&line, &capacity, stdin)) > 0) {
        if (line[length - 1] == '\n') length--;
        fwrite(line, 1, (size_t)length, stdout);
        putchar('\n');
    }
    free(line);
    return 0;
}
