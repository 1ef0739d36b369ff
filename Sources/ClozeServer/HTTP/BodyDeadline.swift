#if Server
  import NIOCore
  import NIOHTTPTypes

  /// Closes a connection whose request has not come whole some time after its headers.
  ///
  /// A timer is set only where a read ends within a body, so that requests that come at once have none.
  final class BodyDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let time: TimeAmount
    private var isWithin = false
    private var timer: Scheduled<Void>?

    init(_ time: TimeAmount) { self.time = time }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head: isWithin = true
      case .body: break
      case .end:
        isWithin = false
        stop()
      }
      context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
      if isWithin && timer == nil {
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
      }
      context.fireChannelReadComplete()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    private func stop() {
      timer?.cancel()
      timer = nil
    }
  }
#endif
