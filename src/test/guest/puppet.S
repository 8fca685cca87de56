# A real-mode guest that executes commands from the host: it reads one from a port, executes it, writes the result, if
# any, to another port, and reads the next. So a test can access the ports of KVM's 8259s, and see the vector that they
# deliver. It never halts, so it always exits, in every state of the 8259s.
#
# A command has 32 bits: the port in 15:0, the value in 23:16, the operation in 31:24. PuppetGuest.java has the same
# numbers.

        .set    COMMAND_PORT,         0x0b10
        .set    REPORT_PORT,          0x0b12          # 16 bits: a value read, a vector taken, or REPORT_OPEN
        .set    COMMAND_WRITE,        0
        .set    COMMAND_READ,         1               # any other operation sets IF for a moment
        .set    REPORT_OPEN,          0xffff          # IF is 1 at this moment

        .set    VECTORS,              256
        .set    STUB_BYTES,           8

        .code16
        .section .text.start, "ax"
        .globl  _start
_start:
        xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %es
        mov     %ax, %ss

# The vector table is at 0, where IDTR points after reset. An entry is offset, then segment; all segments are 0.
        mov     $stubs, %ax
        xor     %di, %di
        mov     $VECTORS, %cx
1:      mov     %ax, (%di)
        movw    $0, 2(%di)
        add     $STUB_BYTES, %ax
        add     $4, %di
        loop    1b

next:   mov     $stack_top, %sp                       # drops what an interrupt pushed: handlers do not return
        mov     $COMMAND_PORT, %dx
        in      %dx, %eax
        mov     %ax, %dx
        shr     $16, %eax
        cmp     $COMMAND_READ, %ah
        ja      open
        je      read
        out     %al, %dx
        jmp     next

read:   in      %dx, %al
        xor     %ah, %ah
        jmp     report

# A pending interrupt is taken at the OUT at the latest: a CPU takes it before, KVM's emulator at the next exit.
open:   mov     $REPORT_OPEN, %ax
        mov     $REPORT_PORT, %dx
        sti
        nop                                           # the STI shadow ends after it
        out     %ax, %dx
        cli
        jmp     next

# The CPU has cleared IF; the saved flags are dropped with the rest.
report: mov     $REPORT_PORT, %dx
        out     %ax, %dx
        jmp     next

        .text
        .balign STUB_BYTES
        .globl  stubs, stubs_end
stubs:
        .set    vector, 0
        .rept   VECTORS
        .balign STUB_BYTES
        mov     $vector, %ax
        jmp     report
        .set    vector, vector + 1
        .endr
        .balign STUB_BYTES
stubs_end:

        .bss
        .balign 16
        .skip   64
stack_top:
