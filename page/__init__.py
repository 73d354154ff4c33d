"""What the chat page shows and how its conversation runs; ``app.py`` puts it on Gradio."""
