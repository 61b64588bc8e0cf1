"""A client library of MQTT 3.1.1 that can connect and publish at QoS 0."""
import socket
import threading


def text(value):
    data = value.encode("utf-8")
    return len(data).to_bytes(2, "big") + data


def packet(first, body):
    assert len(body) < 128, "this library sends short packets only"
    return bytes([first, len(body)]) + body


class Client:
    def __init__(self, on_connect, on_close):
        self.on_connect = on_connect
        self.on_close = on_close

    def connect(self, host, port, client_id, keep_alive=0, user=None, password=None):
        self.socket = socket.create_connection((host, port))
        flags = 2 | (user is not None) << 7 | (password is not None) << 6
        body = text("MQTT") + bytes([4, flags]) + keep_alive.to_bytes(2, "big")
        for each in (client_id, user, password):
            if each is not None:
                body += text(each)
        self.socket.sendall(packet(0x10, body))
        threading.Thread(target=self.listen, daemon=True).start()

    def publish(self, topic, payload):
        self.socket.sendall(packet(0x30, text(topic) + payload))

    def disconnect(self):
        self.socket.sendall(packet(0xE0, b""))
        self.socket.close()

    def listen(self):
        try:
            connack = self.socket.recv(4)
            if len(connack) == 4:
                self.on_connect(0)
            while self.socket.recv(1000):
                pass
        except OSError:
            pass
        self.on_close()
