import HTTPTypes
import Hummingbird
import Logging
import PortAPI
import PortModel

/// Gives every error the API's error body. An error that is neither the registry's nor HTTP's is a defect: it is
/// logged, and the response is a 500 without details.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = PortRequestContext

    /// Distinguishes a wrong method from an unknown path.
    let routes: RouteTable

    func handle(
        _ request: Request,
        context: PortRequestContext,
        next: @concurrent (Request, PortRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let response = try apiError(for: error, request, context).response(from: request, context: context)
            return request.method == .head ? response.withoutBody() : response
        }
    }

    private func apiError(for error: any Error, _ request: Request, _ context: PortRequestContext) -> APIError {
        switch error {
        case let error as RegistryError: return APIError(error)
        case let error as APIError: return error
        case let error as HTTPError where error.status == .notFound:
            let allowed = routes.methods(at: request.uri.path)
            if !allowed.isEmpty { return methodNotAllowed(request, allowed) }
            if let missing = routes.missingParameter(at: request.uri.path) {
                return APIError(.badRequest, "\(missing) must not be blank", code: "invalid_request", subject: missing)
            }
            return APIError(
                .notFound,
                "no such route: \(request.uri.path)",
                code: "no_such_route",
                hint: "see /openapi.json"
            )
        case let error as HTTPError:
            return APIError(error.status, error.body ?? error.status.reasonPhrase, code: "http_error")
        case is CancellationError:
            return APIError(.serviceUnavailable, "the daemon is stopping", code: "stopping")
        default:
            context.logger.error("request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
            return APIError(.internalServerError, "internal error", code: "internal")
        }
    }

    private func methodNotAllowed(_ request: Request, _ allowed: [String]) -> APIError {
        let names = allowed.joined(separator: ", ")
        return APIError(
            .methodNotAllowed,
            "\(request.method.rawValue) is not allowed here",
            code: "method_not_allowed",
            hint: "use \(names)",
            headers: [.allow: names]
        )
    }
}
