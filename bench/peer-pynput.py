"""The same work by pynput, on which Python activity trackers are built: listen to everything, and count."""

from pynput import keyboard, mouse

counts = {"keys": 0, "clicks": 0, "moves": 0}


def count(what):
    def add(*_):
        counts[what] += 1

    return add


keyboard.Listener(on_press=count("keys")).start()
listener = mouse.Listener(on_move=count("moves"), on_click=count("clicks"))
listener.start()
listener.wait()
print("ready", flush=True)
listener.join()
