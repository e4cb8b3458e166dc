import Testing

@testable import Server

@Suite struct AddressTests {
    @Test(arguments: ["127.0.0.1:7860", "[::1]:0", "localhost:80", "127.8.9.1:1"])
    func `An address of loopback is one`(_ text: String) throws {
        #expect(try ListenAddress(text).isLoopback)
    }

    @Test(arguments: ["0.0.0.0:7860", "[::]:7860", "192.168.1.2:7860", "localhost.example.org:80", "[::ffff:127.0.0.1]:80", "128.0.0.1:1"])
    func `Any other address can be reached from elsewhere`(_ text: String) throws {
        #expect(try !ListenAddress(text).isLoopback)
    }

    @Test(arguments: ["", ":", "7860", "127.0.0.1", "127.0.0.1:", ":7860", "127.0.0.1:65536", "127.0.0.1:-1", "::1:7860", "[]:1"])
    func `What is no address is refused`(_ text: String) {
        #expect(throws: ServerError.noAddress(text)) { try ListenAddress(text) }
    }
}
