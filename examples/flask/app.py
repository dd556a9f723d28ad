# Once:  python3 -m venv .venv && .venv/bin/pip install -r requirements.txt
# Start: portctl run web -- .venv/bin/flask --app app run --port {port}
from importlib.metadata import version

from flask import Flask

app = Flask(__name__)


@app.get("/")
def hello():
    return f"Hello from Flask {version('flask')}\n", {"Content-Type": "text/plain; charset=utf-8"}
