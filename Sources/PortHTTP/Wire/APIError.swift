import HTTPTypes
import Hummingbird
import Logging
import PortAPI
import PortModel

/// An error with its HTTP status and body.
struct APIError: Error, HTTPResponseError {
    var status: HTTPResponse.Status
    var headers: HTTPFields = [:]
    var body: ErrorBody

    /// Creates an error of the HTTP layer itself.
    init(
        _ status: HTTPResponse.Status,
        _ message: String,
        code: String,
        subject: String? = nil,
        hint: String? = nil,
        remedies: [Remedy] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.headers = headers
        self.body = ErrorBody(error: message, code: code, subject: subject, hint: hint, remedies: remedies)
    }

    /// Creates the response to an error of the registry.
    init(_ error: RegistryError) {
        status = error.code.status
        body = ErrorBody(
            error: error.message,
            code: error.code.rawValue,
            subject: error.subject,
            remedies: error.remedies,
            holder: error.holder.map(AllocationBody.init),
            candidates: error.candidates.isEmpty ? nil : error.candidates.map(AllocationBody.init),
            occupiers: error.occupiers.isEmpty ? nil : error.occupiers.map(ProcessDTO.init),
            project: error.project
        )
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var response = try JSON.response(body, status: status)
        response.headers.append(contentsOf: headers)
        return response
    }
}

extension RegistryError.Code {
    /// The HTTP status of the code. This is the only place that maps codes to statuses.
    fileprivate var status: HTTPResponse.Status {
        switch self {
        case .invalidName, .invalidPort, .invalidRequest, .invalidTTL, .invalidOwner, .filterRequired: .badRequest
        case .protectedProcess: .forbidden
        case .allocationNotFound, .leaseNotFound, .serviceNotFound, .groupNotFound, .nothingRemembered,
            .notListening:
            .notFound
        case .serviceAllocated, .portAllocated, .portInUse, .rememberedPortTaken, .ambiguousName, .occupierUnknown,
            .notTheOccupier, .severalOccupiers, .stillListening, .otherNamespace:
            .conflict
        case .poolFull, .storageFailed, .systemUnavailable, .schemaTooNew, .insecurePath: .serviceUnavailable
        }
    }
}
