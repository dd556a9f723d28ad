/// The web dashboard's files, part of the program. A target of its own, because they are compiled as numbers, which
/// takes a while.
package enum DashboardAssets {
    /// A file as it is served.
    package struct Asset: Sendable {
        package let contentType: String
        package let bytes: [UInt8]
    }

    /// The page itself.
    package static let page = "index.html"

    /// By their names.
    package static func asset(named name: String) -> Asset? {
        guard let bytes = all[name], let end = name.split(separator: ".").last.map(String.init),
            let type = contentTypes[end]
        else { return nil }
        return Asset(contentType: type, bytes: bytes)
    }

    package static var names: [String] { all.keys.sorted() }

    private static let contentTypes = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml",
    ]

    private static let all: [String: [UInt8]] = [
        "actions.js": PackageResources.actions_js,
        "api.js": PackageResources.api_js,
        "clock.js": PackageResources.clock_js,
        "dashboard.css": PackageResources.dashboard_css,
        "dialogs.js": PackageResources.dialogs_js,
        "dom.js": PackageResources.dom_js,
        "ending.js": PackageResources.ending_js,
        "events.js": PackageResources.events_js,
        "favicon.svg": PackageResources.favicon_svg,
        "holds.js": PackageResources.holds_js,
        "icons.svg": PackageResources.icons_svg,
        "index.html": PackageResources.index_html,
        "main.js": PackageResources.main_js,
        "model.js": PackageResources.model_js,
        "reserve.js": PackageResources.reserve_js,
        "store.js": PackageResources.store_js,
        "sync.js": PackageResources.sync_js,
        "text.js": PackageResources.text_js,
        "theme.js": PackageResources.theme_js,
        "toast.js": PackageResources.toast_js,
        "view-daemon.js": PackageResources.view_daemon_js,
        "view-drawer.js": PackageResources.view_drawer_js,
        "view-filter.js": PackageResources.view_filter_js,
        "view-pools.js": PackageResources.view_pools_js,
        "view-ports.js": PackageResources.view_ports_js,
        "view-row.js": PackageResources.view_row_js,
    ]
}
