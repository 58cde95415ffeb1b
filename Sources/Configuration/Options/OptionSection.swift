/// The headings under which options are explained, in their order.
package enum OptionSection: String, CaseIterable, Sendable {
    case serving = "Serving"
    case program = "Program"
    case privileges = "Privileges of the program"
    case messages = "Messages to and from the program"
    case access = "Access"
    case limits = "Limits and timeouts"
    case transport = "TLS and PROXY protocol"
    case logging = "Logging"
}
