/// The request of an endpoint that takes neither a body nor a query.
package struct NoParameters: QueryParameters {
    package init() {}

    package init(_ value: (String) -> String?) {}

    package var items: [QueryItem] { [] }
}

/// The answer without a body.
package enum NoContent {}

/// The answer that is a stream of server-sent events; their data is an ``EventBody``.
package enum EventStreamContent {}

/// The answer that is a file of the daemon.
package enum FileContent {}
