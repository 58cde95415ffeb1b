internal import StdioFraming

extension OptionTable {
    static let program: [OptionRow] = [
        OptionRow(
            .cmd, .program, "STRING", scope: .handler,
            "The program and its arguments in one string, split as a shell splits words; nothing is expanded."
        ),
        OptionRow(
            .shell, .program, nil, scope: .handler,
            "Hand the string of --cmd to /bin/sh -c instead of splitting it."),
        OptionRow(.echo, .program, nil, scope: .handler, "Send every message back instead of starting a program."),
        OptionRow(.cwd, .program, "DIR", "The program's working directory."),
        OptionRow(
            .env, .program, "NAME=VALUE", repeats: true, "Set a variable of the program's environment."),
        OptionRow(
            .passEnv, .program, "LIST", standard: CommandPlan.passEnvironmentStandard[0], repeats: true,
            "Variables of the server that the program sees too, besides the default."),
        OptionRow(.passCookie, .program, nil, "Give the program HTTP_COOKIE."),
        OptionRow(
            .pty, .program, nil,
            "A terminal for the program: \(CommandPlan.terminalTypeStandard), 80x24 until a text message "
                + "ESC[8;ROWS;COLUMNSt; --framing raw."),
        OptionRow(
            .stderr, .program, StderrTarget.syntax, standard: StderrTarget.log,
            "Where the program's standard error goes."),
        OptionRow(
            .teardownCloseWait, .program, "TIME", standard: TeardownStep.closeWaitStandard,
            "How long the program may run on once its input is closed, before SIGTERM."),
        OptionRow(
            .teardownTermWait, .program, "TIME", standard: TeardownStep.terminateWaitStandard,
            "How long it may run on after SIGTERM, before SIGKILL."),
        OptionRow(
            .closeCodeBase, .program, "N",
            "Close with N (4000, say) plus the program's exit status instead of 1011 when that is not 0."),
    ]

    static let privileges: [OptionRow] = [
        OptionRow(.user, .privileges, "USER", "Run the program as this user, by name or number."),
        OptionRow(.group, .privileges, "GROUP", "Run the program in this group, by name or number."),
        OptionRow(.umask, .privileges, "OCTAL", "The program's file mode mask, like 027."),
        OptionRow(.nice, .privileges, "N", "The program's niceness, from -20 to 19."),
        OptionRow(
            .noNewPrivileges, .privileges, nil,
            "Never let the program gain privileges, by set-uid or otherwise."),
        OptionRow(
            .rlimit, .privileges, "NAME=VALUE", repeats: true,
            "A limit of the kernel on the program, like nofile=256, as=1GiB or cpu=60 (seconds)."),
    ]

    static let messages: [OptionRow] = [
        OptionRow(
            .framing, .messages, Framing.syntax, standard: "lines for a program, raw for a server",
            "How messages are told apart in what the program or server reads and writes."),
        OptionRow(
            .messageType, .messages, "text|binary", standard: "the framing's own",
            "What output becomes, with --framing null, raw or length-prefixed."),
        OptionRow(
            .innerNewline, .messages, InnerNewline.syntax, standard: RecordPlan.standard.innerNewline,
            "What becomes of a newline inside a client's message, with --framing lines."),
        OptionRow(
            .longRecord, .messages, LongRecord.syntax, standard: RecordPlan.standard.longRecord,
            "What becomes of a record over the limit, with --framing lines or null."),
        OptionRow(
            .invalidText, .messages, InvalidText.syntax, standard: RecordPlan.standard.invalidText,
            "What becomes of output that must go out as text and is not UTF-8."),
        OptionRow(
            .maxRecordSize, .messages, "SIZE", standard: ByteCount(bytes: RecordPlan.standard.recordBytesMax),
            "The longest record of the program or server."),
    ]
}
