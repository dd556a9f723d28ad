/// The OpenAPI document of the HTTP API, as JSON. scripts/openapi.py makes it from OpenAPI/openapi.yaml.
package enum OpenAPIDocument {
    /// The document in UTF-8.
    package static var bytes: [UInt8] { PackageResources.openapi_json }
}
