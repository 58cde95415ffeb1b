package import StdioFraming

/// Whether the built-in test page is served: `auto` means on loopback alone.
package enum ConsoleMode: String, Choice { case auto, on, off }

/// How much is logged.
package enum LogLevel: String, Choice { case error, warning, info, debug }

/// How log lines look: `auto` means text on a terminal and JSON elsewhere.
package enum LogFormat: String, Choice { case auto, text, json }

/// Where a program's standard error goes.
package enum StderrTarget: String, Choice { case log, client, discard, inherit }

extension Framing: Choice {}
extension InnerNewline: Choice {}
extension LongRecord: Choice {}
extension InvalidText: Choice {}

extension MessageKind: OptionValue {
    package init(parsing text: String) throws(ValueFault) {
        guard let kind = Self.allCases.first(where: { $0.name == text }) else {
            throw ValueFault("unknown value", remedy: "it is text or binary")
        }
        self = kind
    }

    package var description: String { self.name }
}
