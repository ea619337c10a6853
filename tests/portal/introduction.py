"""The words with which a buyer introduces itself."""

HELLO = {
    "sender": "hello@zhiwei.example",
    "subject": "我们是知味书店",
    "text": "您的信息现在由我们保管。We hold your data now.",
}
