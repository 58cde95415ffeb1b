#!/usr/bin/perl
# Counts from 1 to COUNT (10), one number each PAUSE (1) seconds.
#
# Run:        wsbridge --cmd 'perl examples/count/count.pl'
# Buffering:  $| = 1 flushes the selected handle (STDOUT) after each print.
use strict;
use warnings;
$| = 1;

my $count = $ARGV[0] // 10;
my $pause = $ARGV[1] // 1;
for my $number (1 .. $count) {
    print "$number\n";
    select(undef, undef, undef, $pause) if $number < $count;    # a sleep that takes fractions
}
