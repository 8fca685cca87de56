# binary at 0
# The BIOS that a guest in real mode finds: first the offset of each vector's handler, then the handlers. What they tell
# about memory begins at `memory`, and is filled in by guest.firmware.Bios. Each runs with CS = the segment of its start.
        .code16
        .set    SERIAL, 0x3f8
        .set    LINE_STATUS, SERIAL + 5
        .set    TICKS, 0x46c                          # the BIOS data area (IBM PC/AT technical reference)
        .set    EQUIPMENT, 0x410
        .set    LOW_MEMORY, 0x413
        .set    KEY, 0x41e                            # one character that was read ahead; 0: none
        .set    CARRY, 0x01
        .set    ZERO, 0x40
        .set    FLAGS, 6                              # of the caller, from BP
        .set    RANGE, 20                             # bytes of a range of memory
        .globl  _start
_start: .set    vector, 0
        .rept   256
        .if     vector == 0x08
        .short  tick
        .elseif vector > 0x08 && vector < 0x10
        .short  end_master
        .elseif vector >= 0x70 && vector < 0x78
        .short  end_slave
        .elseif vector == 0x10
        .short  video
        .elseif vector == 0x11
        .short  equipment
        .elseif vector == 0x12
        .short  low_memory
        .elseif vector == 0x13
        .short  disk
        .elseif vector == 0x15
        .short  system
        .elseif vector == 0x16
        .short  keyboard
        .elseif vector == 0x1a
        .short  clock
        .else
        .short  nothing
        .endif
        .set    vector, vector + 1
        .endr

# Line 0: counts the ticks, calls the user's handler, and ends the interrupt.
tick:   push    %ds
        push    %ax
        xor     %ax, %ax
        mov     %ax, %ds
        addw    $1, TICKS
        adcw    $0, TICKS + 2
        int     $0x1c
        mov     $0x20, %al
        out     %al, $0x20
        pop     %ax
        pop     %ds
nothing:
        iret

end_master:
        push    %ax
        mov     $0x20, %al
        out     %al, $0x20
        pop     %ax
        iret

end_slave:
        push    %ax
        mov     $0x20, %al
        out     %al, $0xa0
        out     %al, $0x20
        pop     %ax
        iret

# INT 10h: a character goes to the serial port; the screen is one of 80 columns, and the cursor is at its start.
video:  cmp     $0x0e, %ah
        je      teletype
        cmp     $0x03, %ah
        je      cursor
        cmp     $0x0f, %ah
        jne     1f
        mov     $0x5003, %ax
        xor     %bh, %bh
1:      iret
cursor: xor     %dx, %dx
        mov     $0x0607, %cx
        iret
teletype:
        push    %dx
        push    %ax
        mov     $LINE_STATUS, %dx
1:      in      %dx, %al
        test    $0x20, %al                            # the transmitter has room
        jz      1b
        pop     %ax
        mov     $SERIAL, %dx
        out     %al, %dx
        pop     %dx
        iret

# INT 11h, INT 12h
equipment:
        push    %ds
        xor     %ax, %ax
        mov     %ax, %ds
        mov     EQUIPMENT, %ax
        pop     %ds
        iret
low_memory:
        push    %ds
        xor     %ax, %ax
        mov     %ax, %ds
        mov     LOW_MEMORY, %ax
        pop     %ds
        iret

# INT 13h: there is no disk.
disk:   mov     $0x01, %ah
failed: push    %bp
        mov     %sp, %bp
        orw     $CARRY, FLAGS(%bp)
        pop     %bp
        iret
done:   push    %bp
        mov     %sp, %bp
        andw    $~CARRY, FLAGS(%bp)
        pop     %bp
        iret

# INT 15h: the memory, by three functions.
system: cmp     $0xe820, %ax
        je      range
        cmp     $0xe801, %ax
        je      sizes
        cmp     $0x88, %ah
        je      extended
unknown:
        mov     $0x86, %ah
        jmp     failed
extended:
        mov     %cs:extended_kib, %ax
        jmp     done
sizes:  mov     %cs:kib_below_16m, %ax
        mov     %cs:blocks_above_16m, %bx
        mov     %ax, %cx
        mov     %bx, %dx
        jmp     done
range:  cmp     $0x534d4150, %edx                     # "SMAP"
        jne     unknown
        cmp     $RANGE, %ecx
        jb      unknown
        cmp     %cs:ranges, %bx
        jae     unknown
        push    %si
        push    %di
        push    %ds
        push    %cs
        pop     %ds
        imul    $RANGE, %bx, %si
        add     $ranges + 2, %si
        mov     $RANGE / 2, %cx
        cld
        rep     movsw
        pop     %ds
        pop     %di
        pop     %si
        inc     %bx
        cmp     %cs:ranges, %bx
        jb      1f
        xor     %bx, %bx                              # that was the last one
1:      movzwl  %bx, %ebx
        mov     $RANGE, %ecx
        mov     %edx, %eax
        jmp     done

# INT 16h: the keys are the characters that the serial port receives.
keyboard:
        and     $0xef, %ah                            # 10h and 11h are the calls for a larger keyboard
        cmp     $0x01, %ah
        jb      wait_for_key
        je      is_there_a_key
        xor     %al, %al                              # no shift key is held
        iret
wait_for_key:
        call    read_ahead
        jz      wait_for_key
        push    %ds
        push    $0
        pop     %ds
        movw    $0, KEY
        pop     %ds
        iret
is_there_a_key:
        call    read_ahead
        push    %bp
        mov     %sp, %bp
        jz      1f
        andw    $~ZERO, FLAGS(%bp)
        pop     %bp
        iret
1:      orw     $ZERO, FLAGS(%bp)
        pop     %bp
        iret
read_ahead:                                           # the key in AX; ZF: there is none
        push    %ds
        push    %dx
        xor     %ax, %ax
        mov     %ax, %ds
        mov     $LINE_STATUS, %dx
        cmp     %ax, KEY
        jne     1f
        in      %dx, %al
        and     $0x01, %al                            # the receiver has a character
        jz      1f
        mov     $SERIAL, %dx
        in      %dx, %al
        mov     %ax, KEY
1:      mov     KEY, %ax
        test    %ax, %ax
        pop     %dx
        pop     %ds
        ret

# INT 1Ah: the ticks since the start.
clock:  test    %ah, %ah
        jnz     unknown
        push    %ds
        push    $0
        pop     %ds
        mov     TICKS, %dx
        mov     TICKS + 2, %cx
        pop     %ds
        xor     %al, %al
        jmp     done

memory:
extended_kib:
        .short  0                                     # above 1 MiB, at most 64 MiB - 1 KiB
kib_below_16m:
        .short  0                                     # from 1 MiB to 16 MiB
blocks_above_16m:
        .short  0                                     # of 64 KiB
ranges: .short  0                                     # how many follow
