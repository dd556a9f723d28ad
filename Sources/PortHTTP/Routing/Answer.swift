import HTTPTypes

/// The answer of an endpoint, with its status.
struct Answer<Output> {
    let body: Output
    let status: HTTPResponse.Status

    init(_ body: Output, status: HTTPResponse.Status = .ok) {
        self.body = body
        self.status = status
    }
}
