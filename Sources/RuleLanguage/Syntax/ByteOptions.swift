/// How bytes become a number: shared by `byte_test`, `byte_jump`, `byte_extract` and `byte_math`.
package struct ByteReading: Hashable, Sendable {
  package enum Endian: String, Sendable { case big, little, dce }
  package enum Base: String, Sendable { case hex, dec, oct }

  package var offset: RuleNumber = .literal(0)
  package var isRelative = false
  package var endian: Endian = .big
  /// Not nil: the bytes are digits of this base.
  package var string: Base?
  package var bitmask: UInt32?
}

/// `byte_test:count,[!]operator,value,offset[,...]`
package struct ByteTest: Hashable, Sendable {
  package enum Operator: String, Sendable {
    case less = "<"
    case greater = ">"
    case equal = "="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case and = "&"
    case xor = "^"
  }
  package var count: RuleNumber
  package var comparison: Operator
  package var isNegated = false
  package var value: ByteValue
  package var reading = ByteReading()
}

/// A full 64-bit number, or a variable's name.
package enum ByteValue: Hashable, Sendable {
  case literal(UInt64)
  case variable(String)
}

/// `byte_jump:count,offset[,...]`
package struct ByteJump: Hashable, Sendable {
  package enum Origin: String, Sendable {
    case current
    /// `from_beginning`
    case beginning
    /// `from_end`
    case end
  }
  package var count: RuleNumber
  package var multiplier: UInt32 = 1
  package var isAligned = false
  package var origin: Origin = .current
  package var postOffset: RuleNumber = .literal(0)
  package var reading = ByteReading()
}

/// `byte_extract:count,offset,name[,...]`
package struct ByteExtract: Hashable, Sendable {
  package var count: UInt8
  package var name: String
  package var multiplier: UInt32 = 1
  /// 0, 2 or 4: the offset is rounded up to a multiple of it.
  package var alignment: UInt8 = 0
  package var reading = ByteReading()
}

/// `byte_math:bytes n, offset n, oper o, rvalue v, result name[, ...]`
package struct ByteMath: Hashable, Sendable {
  package enum Operator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case shiftLeft = "<<"
    case shiftRight = ">>"
  }
  package var count: RuleNumber
  package var operation: Operator
  package var operand: ByteValue
  package var result: String
  package var reading = ByteReading()
}
