import Sodium
import Testing

@Suite struct RandomSourceTests {
    @Test("gives what it was made to give, to whoever asks")
    func injection() {
        let source = RandomSource.fixed(1...32)
        #expect(source.bytes(4) == [1, 2, 3, 4])
        #expect(SecretKey(random: source).array == Array(1...32))
    }

    @Test("fills a buffer whole, and no more than it")
    func buffer() {
        var bytes = [UInt8](repeating: 0xff, count: 6)
        bytes.withUnsafeMutableBytes { RandomSource.fixed([1, 2, 3, 4]).overwrite(.init(rebasing: $0[1..<5])) }
        #expect(bytes == [0xff, 1, 2, 3, 4, 0xff])
    }

    @Test("asked for nothing, gives nothing")
    func nothing() {
        #expect(RandomSource.system.bytes(0).isEmpty)
        RandomSource.system.overwrite(UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }

    @Test("the system's never gives the same twice")
    func system() {
        let draws = Set((0..<100).map { _ in RandomSource.system.bytes(16) })
        #expect(draws.count == 100)
    }
}
