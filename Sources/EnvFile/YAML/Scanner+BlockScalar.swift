/// Literal (`|`) and folded (`>`) scalars of YAML (YAML 1.2, 8.1).
extension Scanner {
    /// What becomes of the line breaks at the end.
    private enum Chomping {
        case strip, clip, keep
    }

    /// Takes a block scalar whose lines are indented deeper than `indent`; returns where they stand.
    mutating func blockScalar(
        deeperThan indent: Int, into sink: inout some ByteSink & ~Copyable
    ) throws(ParseError) -> Range<Int> {
        let isFolded = take() == UInt8(ascii: ">")
        let (added, chomping) = takeBlockIndicators()
        try endLine(expecting: "only indicators and a comment may follow | or >")
        let start = index
        let depth = added.map { indent + $0 } ?? detectedDepth(deeperThan: indent)
        // Line breaks that count only if text follows.
        var breaks = takeEmptyLines(upTo: depth)
        var wasFolding = false
        var lastBreak = 0
        while indentation >= depth, peek(depth) != nil {
            index += depth
            let isFolding = isFolded && !isGap(0)
            if !wasFolding || !isFolding {
                sink.append(lineFeeds: lastBreak)
            } else if breaks == 0 {
                sink.append(" ")
            }
            sink.append(lineFeeds: breaks)
            sink.append(slice(skip { !Self.isLineBreak($0) }))
            lastBreak = takeLineBreak() ? 1 : 0
            breaks = takeEmptyLines(upTo: depth)
            wasFolding = isFolding
        }
        if chomping != .strip { sink.append(lineFeeds: lastBreak) }
        if chomping == .keep { sink.append(lineFeeds: breaks) }
        return start..<index
    }

    /// Takes the indentation (a digit but 0) and the chomping indicator, in either order.
    private mutating func takeBlockIndicators() -> (indentation: Int?, chomping: Chomping) {
        var indentation: Int?
        var chomping: Chomping?
        while true {
            switch next {
            case let digit? where indentation == nil && UInt8(ascii: "1")...UInt8(ascii: "9") ~= digit:
                indentation = Int(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "-") where chomping == nil: chomping = .strip
            case UInt8(ascii: "+") where chomping == nil: chomping = .keep
            default: return (indentation, chomping ?? .clip)
            }
            index += 1
        }
    }

    /// How deep the first line with text is indented, or the deepest of the empty lines before it; at least one deeper
    /// than `indent`.
    private func detectedDepth(deeperThan indent: Int) -> Int {
        var ahead = self
        var depth = indent + 1
        repeat {
            depth = max(depth, ahead.skip { $0 == UInt8(ascii: " ") }.count)
        } while ahead.takeLineBreak()
        return depth
    }

    /// Takes lines that hold nothing but at most `depth` spaces; returns how many they are.
    private mutating func takeEmptyLines(upTo depth: Int) -> Int {
        var count = 0
        while true {
            let start = index
            let spaces = skip { $0 == UInt8(ascii: " ") }
            guard spaces.count <= depth, takeLineBreak() else {
                index = start
                return count
            }
            count += 1
        }
    }
}
