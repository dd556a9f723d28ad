/// The files of the web dashboard, embedded in the executable. They have a target of their own because embedded files
/// are compiled as arrays of numbers, which takes long.
package enum DashboardAssets {
    /// The content of a file, and the type that it is served with.
    package struct Asset: Sendable {
        package let contentType: String
        package let bytes: [UInt8]
    }

    /// The name of the page.
    package static let page = "index.html"

    /// Returns the file of that name, such as `views/row.js`; `nil` when there is none.
    package static func asset(named name: String) -> Asset? {
        guard let bytes = all[name], let suffix = name.split(separator: ".").last.map(String.init),
            let type = contentTypes[suffix]
        else { return nil }
        return Asset(contentType: type, bytes: bytes)
    }

    /// The names of all files, sorted.
    package static var names: [String] { all.keys.sorted() }

    private static let contentTypes = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    private static let all: [String: [UInt8]] = [
        "actions.js": PackageResources.actions_js,
        "clock.js": PackageResources.clock_js,
        "dashboard.css": PackageResources.dashboard_css,
        "data/api.js": PackageResources.api_js,
        "data/events.js": PackageResources.events_js,
        "data/model.js": PackageResources.model_js,
        "data/store.js": PackageResources.store_js,
        "data/sync.js": PackageResources.sync_js,
        "dom.js": PackageResources.dom_js,
        "favicon.svg": PackageResources.favicon_svg,
        "icons.svg": PackageResources.icons_svg,
        "index.html": PackageResources.index_html,
        "main.js": PackageResources.main_js,
        "text.js": PackageResources.text_js,
        "theme.js": PackageResources.theme_js,
        "views/confirm.js": PackageResources.confirm_js,
        "views/daemon.js": PackageResources.daemon_js,
        "views/dialogs.js": PackageResources.dialogs_js,
        "views/drawer.js": PackageResources.drawer_js,
        "views/filter.js": PackageResources.filter_js,
        "views/holds.js": PackageResources.holds_js,
        "views/pools.js": PackageResources.pools_js,
        "views/ports.js": PackageResources.ports_js,
        "views/remedies.js": PackageResources.remedies_js,
        "views/reserve.js": PackageResources.reserve_js,
        "views/row.js": PackageResources.row_js,
        "views/toast.js": PackageResources.toast_js,
    ]
}
