#!/usr/bin/env node
// Counts from 1 to COUNT (10), one number each PAUSE (1) seconds.
//
// Run:        wsbridge --cmd 'node examples/count/count.js'
// Buffering:  none to switch off; but process.exit() may cut what is still on its way to a pipe, so let the program
//             end by itself, or set process.exitCode.
"use strict";

const count = Number(process.argv[2] ?? 10);
const pauseMilliseconds = Number(process.argv[3] ?? 1) * 1000;

function tick(number) {
  if (number > count) return;
  process.stdout.write(`${number}\n`);
  if (number < count) setTimeout(tick, pauseMilliseconds, number + 1);
}
tick(1);
