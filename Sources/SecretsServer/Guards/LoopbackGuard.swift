internal import HTTPTypes
internal import Hummingbird
internal import SecretsAPI

/// Refuses requests that a web page made: by a `Host` that is not loopback (DNS rebinding), or by a foreign `Origin`.
///
/// A browser sends both truthfully. There is no CORS: no page of another origin has business here.
struct LoopbackGuard: RouterMiddleware {
    func handle(
        _ request: Request, context: APIRequestContext,
        next: (Request, APIRequestContext) async throws -> Response
    ) async throws -> Response {
        // The first Host is the authority by now; a second one would still be among the headers.
        guard let host = request.head.authority, request.headers[.host] == nil, Loopback.isLoopback(authority: host)
        else {
            throw Problem.forbidden("The Host header must name this machine: localhost, 127.0.0.1 or [::1].")
        }
        // The port is part of an origin: a page served from another port of this machine is foreign too.
        if let origin = request.headers[.origin], origin.lowercased() != "http://" + host.lowercased() {
            throw Problem.forbidden("Requests from web pages are refused.")
        }
        return try await next(request, context)
    }
}

extension HTTPField.Name {
    fileprivate static let host = Self("Host")!
}

/// Which names and addresses are this machine's own.
public enum Loopback {
    /// Whether `host`, a name or an address without brackets, is loopback.
    public static func isLoopback(_ host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let octets = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0].elementsEqual("127".utf8) && octets.allSatisfy(isOctet)
    }

    private static func isOctet(_ digits: Substring.UTF8View) -> Bool {
        (1...3).contains(digits.count)
            && digits.allSatisfy(\.isASCIIDigit)
            && digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
    }

    /// Whether `authority`, a host with or without a port (RFC 3986, 3.2), is loopback.
    static func isLoopback(authority: String) -> Bool {
        var host = Substring(authority)
        if host.hasPrefix("[") {
            guard let end = host.firstIndex(of: "]") else { return false }
            let port = host[host.index(after: end)...]
            return isLoopback(String(host[host.index(after: host.startIndex)..<end])) && (port.isEmpty || isPort(port))
        }
        if let colon = host.utf8.firstIndex(of: UInt8(ascii: ":")) {
            guard isPort(host[colon...]) else { return false }
            host = host[..<colon]
        }
        return host != "::1" && isLoopback(String(host))
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.first == ":" && text.utf8.count <= 6
            && text.utf8.dropFirst().allSatisfy(\.isASCIIDigit)
    }
}
