#!/usr/bin/env bash
# Sends each line back.
#
# Run:        wsbridge --cmd examples/echo/echo.sh
# Buffering:  bash's own printf writes at once. `IFS=` and `-r` keep blanks and backslashes; the second condition
#             serves a last line without its newline. (`wsbridge --cmd cat` echoes too: cat does not buffer.)
while IFS= read -r line || [ -n "$line" ]; do
    printf '%s\n' "$line"
done
