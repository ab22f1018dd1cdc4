"""Black-box checks of any line server, in any language: which promises does it keep?

Start reading at model.py (what a check is), then conversation.py (how one talks to a server and
says what was due), echo.py, chat_members.py and chat_talk.py (the checks), histories.py (what
many clients at once saw).
"""
