internal import Glibc
internal import Sodium

/// 64 random bytes that the tests hand to the code, and then look for in all the memory of this process.
///
/// The canary itself, and the buffer that memory is read into, lie in pages of their own that the search leaves out: it
/// counts only the copies that the code under test made.
package final class Canary {
    private static let byteCount = 64
    /// A byte that is rare in memory, so that the search stops seldom.
    private static let first: UInt8 = 0xc7
    private let pages: UnsafeMutableRawBufferPointer

    /// A new canary.
    package init() {
        let size = 1 << 20
        let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
        pages = UnsafeMutableRawBufferPointer(start: start, count: size)
        RandomSource.system.overwrite(UnsafeMutableRawBufferPointer(rebasing: pages[..<Self.byteCount]))
        pages[0] = Self.first
    }

    deinit {
        munmap(pages.baseAddress, pages.count)
    }

    /// The canary.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: pages[..<Self.byteCount]) }

    /// How often the canary stands in memory. `/proc/self/mem` reads pages whose protection forbids it, too.
    package func occurrences() -> Int {
        let memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
        precondition(memory >= 0)
        defer { close(memory) }
        return Self.mappings().flatMap(leavingOutOwnPages).reduce(0) { $0 + occurrences(in: $1, of: memory) }
    }

    private func occurrences(in range: Range<Int>, of memory: Int32) -> Int {
        let window = UnsafeMutableRawBufferPointer(rebasing: pages[4096...])
        var found = 0
        var position = range.lowerBound
        while position < range.upperBound {
            let count = pread(memory, window.baseAddress, min(window.count, range.upperBound - position), position)
            guard count >= Self.byteCount else { break }
            found += occurrences(in: UnsafeRawBufferPointer(rebasing: window[..<count]))
            // The next window begins where a canary could that this one cuts off.
            position += count == window.count ? count - Self.byteCount + 1 : count
        }
        return found
    }

    private func occurrences(in window: UnsafeRawBufferPointer) -> Int {
        var found = 0
        var rest = window[...]
        while rest.count >= Self.byteCount,
            let hit = memchr(window.baseAddress! + rest.startIndex, Int32(Self.first), rest.count - Self.byteCount + 1)
        {
            if memcmp(hit, bytes.baseAddress!, Self.byteCount) == 0 { found += 1 }
            rest = window[(UnsafeRawPointer(hit) - window.baseAddress! + 1)...]
        }
        return found
    }

    private func leavingOutOwnPages(_ range: Range<Int>) -> [Range<Int>] {
        let own = Int(bitPattern: pages.baseAddress)..<Int(bitPattern: pages.baseAddress) + pages.count
        guard range.overlaps(own) else { return [range] }
        return [
            range.lowerBound..<max(range.lowerBound, own.lowerBound),
            min(range.upperBound, own.upperBound)..<range.upperBound,
        ]
    }

    /// The memory that may hold what this process wrote, closed pages included; not what is only reserved.
    private static func mappings() -> [Range<Int>] {
        maps().split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            let ends = fields[0].split(separator: "-").map { Int($0, radix: 16) ?? .max }
            let isReserved = !fields[1].hasPrefix("r") && ends[1] - ends[0] > 1 << 20
            let belongsToFile = fields[4] != "0" && !fields[1].hasPrefix("rw")
            return ends[1] == .max || isReserved || belongsToFile ? nil : ends[0]..<ends[1]
        }
    }

    private static func maps() -> String {
        let file = fopen("/proc/self/maps", "r")!
        defer { fclose(file) }
        var text = ""
        var line = [CChar](repeating: 0, count: 8192)
        while fgets(&line, Int32(line.count), file) != nil {
            text += String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return text
    }
}
