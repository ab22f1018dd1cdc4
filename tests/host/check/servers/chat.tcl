# A right chat server in Tcl: the event loop, prints much, its port is in the source.
set port 27861
array set name {}
proc say {channel line} {
    if {[catch {puts $channel $line; flush $channel}]} { after idle [list leave $channel] }
    if {![catch {chan pending output $channel} behind] && $behind > 1000000} { after idle [list leave $channel] }
}
proc tell {line but} {
    global name
    puts "telling $line"
    foreach channel [array names name] { if {$channel ne $but} { say $channel $line } }
}
proc leave {channel} {
    global name
    catch {close $channel}
    if {[info exists name($channel)]} {
        set who $name($channel)
        unset name($channel)
        tell "* (-) $who" ""
    }
}
proc readable {channel} {
    global name
    if {[catch {gets $channel line} size]} { leave $channel; return }
    if {$size < 0} {
        if {[eof $channel]} { leave $channel } elseif {[chan pending input $channel] > 3000} {
            say $channel "! too long"; leave $channel
        }
        return
    }
    if {[eof $channel]} { leave $channel; return }
    set line [string trimright $line "\r"]
    if {[string length $line] > 3000} { say $channel "! too long"; leave $channel; return }
    if {[info exists name($channel)]} { tell "\[$name($channel)\] $line" $channel; return }
    set names {}
    foreach other [array names name] { lappend names $name($other) }
    if {![regexp {^[A-Za-z0-9]+$} $line] || $line in $names} {
        say $channel "! bad name"
        fileevent $channel readable {}
        leave $channel
        return
    }
    say $channel "* (=) [join $names { + }]"
    tell "* (+) $line" ""
    set name($channel) $line
}
proc accept {channel host port} {
    fconfigure $channel -blocking 0 -translation {binary lf} -buffering full
    say $channel "Your name?"
    fileevent $channel readable [list readable $channel]
}
socket -server accept -myaddr 127.0.0.1 $port
vwait forever
