"""A session's first page, and the one after each minute, may be a file: what is noted then does not stand in its way."""

import io
import zipfile

from tests.web.company import DEAL
from tests.web.visitor import Visitor


def test_the_first_page_of_a_session_may_be_a_file(seller):
    """Whoever signs in and goes straight to a download gets it: when the session was used is noted with that answer."""
    visitor = Visitor(seller.served.base, follows=False)
    visitor.sign_in("zhouning", seller.passphrase("zhouning"))
    assert visitor.status == 302, visitor.page
    if "/2fa/" in visitor.said["Location"]:
        visitor.get(visitor.said["Location"])
        visitor.post(visitor.said["Location"], code=seller.code("zhouning"))
    data = visitor.file(f"/deals/{DEAL}/ledger-part.zip")
    assert zipfile.ZipFile(io.BytesIO(data)).namelist()
