// Nothing for Swift to call.
