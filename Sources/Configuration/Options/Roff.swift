/// A manual page in the making: man(7) macros, and text in which nothing is taken for one.
package struct Roff {
    package private(set) var text: String

    /// `section` is 1 or 5; a page without a date is the same whenever it is made.
    package init(_ title: String, section: Int, heading: String) {
        self.text = ".TH \(title) \(section) \"\" \"\(Product.name) \(Product.version)\" \"\(heading)\"\n"
        // No word is broken and no line stretched: options would be.
        self.text += ".nh\n.ad l\n"
    }

    package mutating func section(_ name: String) { self.text += ".SH \(Self.escaped(name.uppercased()))\n" }

    package mutating func subsection(_ name: String) { self.text += ".SS \(Self.escaped(name))\n" }

    /// Right below a heading.
    package mutating func line(_ text: String) { self.text += "\(Self.escaped(text))\n" }

    package mutating func paragraph(_ text: String) { self.text += ".PP\n\(Self.escaped(text))\n" }

    /// A term in bold, what is to be put in its place in italics, and what it means.
    package mutating func entry(_ term: String, _ argument: String? = nil, _ meaning: String) {
        let argument = argument.map { " \\fI\(Self.escapedInLine($0))\\fR" } ?? ""
        self.text += ".TP\n\\fB\(Self.escapedInLine(term))\\fR\(argument)\n\(Self.escaped(meaning))\n"
    }

    /// Lines as they are.
    package mutating func verbatim(_ text: String) {
        self.text += ".PP\n.nf\n.RS 4\n\(Self.escaped(text))\n.RE\n.fi\n"
    }

    /// A control line begins with a dot or an apostrophe, an escape with a backslash; a bare hyphen may become a dash,
    /// and would not be found by who searches for an option (groff_char(7)).
    static func escaped(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { Self.escapedInLine(String($0)) }.joined(separator: "\n")
    }

    private static func escapedInLine(_ line: String) -> String {
        var result = line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" : ""
        for character in line {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            case let other: result.append(other)
            }
        }
        return result
    }
}
