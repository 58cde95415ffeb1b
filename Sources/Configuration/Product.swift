/// What this program calls itself: to the operator, to programs (`SERVER_SOFTWARE`) and to clients.
package enum Product {
    package static let name = "wsbridge"
    package static let version = "0.1.0"
}
