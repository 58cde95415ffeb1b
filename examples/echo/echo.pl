#!/usr/bin/perl
# Sends each line back.
#
# Run:        wsbridge --cmd 'perl examples/echo/echo.pl'
# Buffering:  $| = 1 flushes STDOUT after each print.
use strict;
use warnings;
$| = 1;

while (my $line = <STDIN>) {
    chomp $line;
    print "$line\n";
}
