#!/usr/bin/env node
// Sends each line back.
//
// Run:        wsbridge --cmd 'node examples/echo/echo.js'
// Buffering:  none to switch off; readline cuts the chunks of stdin into lines.
"use strict";

const lines = require("node:readline").createInterface({ input: process.stdin, crlfDelay: Infinity });
lines.on("line", (line) => process.stdout.write(`${line}\n`));
