"""What the measuring scripts share: programs on cores of their own, a small WebSocket client, tables of pairs.

The scripts lie beside one that is called http.py, which hides Python's own `http` from them: nothing here may import
what needs it (urllib.request, http.server).
"""
