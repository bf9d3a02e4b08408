using System.Buffers.Binary;
using System.Text;

namespace Carveout.Emulator.MapImport;

/// <summary>Reads the source of a device tree: version 1 of the Devicetree Specification, chapter 6, with files that it includes from its
/// own folder, plain #define of the C preprocessor, and expressions.</summary>
/// <remarks>It reads all branches of the preprocessor's conditions, and no files from other folders. Remarks say so.</remarks>
internal sealed class DtsReader
{
    private const int Deepest = 64, MostFiles = 64, MostNodes = 20_000, MostBytes = 16 << 20;

    private static readonly string[] s_directives =
        ["include", "define", "undef", "if", "ifdef", "ifndef", "else", "elif", "endif", "error", "warning", "pragma", "line"];

    private readonly DeviceTreeNode _root;
    private readonly Dictionary<string, DeviceTreeNode> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _defines = new(StringComparer.Ordinal);
    private readonly List<(ulong, ulong)> _reserved = [];
    private readonly SortedSet<string> _remarks = new(StringComparer.Ordinal);
    private int _files, _nodes, _bytes;

    private DtsReader(string path)
    {
        _root = new DeviceTreeNode("/", null, path);
    }

    /// <summary>Reads a tree.</summary>
    /// <exception cref="UsageException">The file is not a tree; the message says in which line, and what was expected.</exception>
    public static DeviceTree Read(string path, byte[] bytes)
    {
        var reader = new DtsReader(path);
        reader.ReadFile(path, Encoding.UTF8.GetString(bytes), 0);
        if (reader._root.Children.Count + reader._root.Properties.Count == 0)
        {
            throw new UsageException($"{path}: no device tree: expected a node '/ {{ ... }};', or a compiled tree");
        }
        return new DeviceTree(reader._root, reader._reserved, [.. reader._remarks]);
    }

    private void ReadFile(string path, string text, int depth)
    {
        if (++_files > MostFiles || (_bytes += text.Length) > MostBytes || depth > Deepest)
        {
            throw new UsageException($"{path}: more than {MostFiles} files, or {MostBytes} bytes in them: expected a device tree");
        }
        Top(new DtsText(path, text, (line, directive) => Direct(path, line, directive, depth)), depth);
    }

    private void Top(DtsText text, int depth)
    {
        while (!text.IsAtEnd)
        {
            if (text.Take("/dts-v1/") || text.Take("/plugin/"))
            {
                text.Expect(";");
            }
            else if (text.Take("/include/"))
            {
                string file = text.String() ?? throw text.Error("expected the name of a file");
                Include(text.Path, text.Line, file, depth);
                text.Take(";");
            }
            else if (text.Take("/memreserve/"))
            {
                _reserved.Add((Number(text), Number(text)));
                text.Expect(";");
            }
            else if (text.Take("/delete-node/"))
            {
                if (Target(text) is { Parent: { } parent } gone)
                {
                    parent.Children.Remove(gone);
                }
                text.Expect(";");
            }
            else if (text.Take("/omit-if-no-ref/"))
            {
                // Such a node is kept here, even if nothing refers to it.
            }
            else
            {
                List<string> labels = Labels(text);
                DeviceTreeNode? node = text.Take("/") ? _root : text.IsAt("&") ? Target(text)
                    : throw text.Error("expected '/ {' or '&label {'");
                // It extends a node of a file that was not read.
                node ??= new DeviceTreeNode("&", null, text.Place);
                Name(node, labels);
                Body(text, node, 1);
                text.Expect(";");
            }
        }
    }

    private void Body(DtsText text, DeviceTreeNode node, int depth)
    {
        text.Expect("{");
        if (depth > Deepest)
        {
            throw text.Error($"nodes in each other deeper than {Deepest}");
        }
        while (!text.Take("}"))
        {
            if (text.Take("/delete-node/"))
            {
                string gone = text.IsAt("&") ? Target(text)?.Name ?? "" : text.Word();
                node.Children.RemoveAll(child => child.Name == gone);
                text.Expect(";");
                continue;
            }
            if (text.Take("/delete-property/"))
            {
                node.Properties.Remove(text.Word());
                text.Expect(";");
                continue;
            }
            text.Take("/omit-if-no-ref/");
            List<string> labels = Labels(text);
            string place = text.Place, name = text.Word();
            if (text.IsAt("{"))
            {
                DeviceTreeNode? child = node.Children.Find(one => one.Name == name);
                if (child is null)
                {
                    if (++_nodes > MostNodes)
                    {
                        throw text.Error($"more than {MostNodes} nodes");
                    }
                    child = new DeviceTreeNode(name, node, place);
                    node.Children.Add(child);
                }
                Name(child, labels);
                Body(text, child, depth + 1);
            }
            else
            {
                node.Properties[name] = text.Take("=") ? Value(text, place) : new DeviceTreeProperty([], null, place);
            }
            text.Expect(";");
        }
    }

    private DeviceTreeProperty Value(DtsText text, string place)
    {
        var bytes = new List<byte>();
        string? unread = null;
        do
        {
            Labels(text);
            int bits = 32;
            if (text.Take("/bits/"))
            {
                bits = (int)Number(text);
                if (bits is not (8 or 16 or 32 or 64))
                {
                    throw text.Error($"/bits/ {bits}: expected 8, 16, 32 or 64");
                }
            }
            if (text.String() is string word)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(word));
                bytes.Add(0);
            }
            else if (text.Take("<"))
            {
                unread = Cells(text, bits, bytes) ?? unread;
            }
            else if (text.Take("["))
            {
                Bytes(text, bytes);
            }
            else if (text.Take("/incbin/"))
            {
                text.Expect("(");
                text.SkipTo(")");
                text.Expect(")");
            }
            else if (text.IsAt("&"))
            {
                Target(text);
            }
            else
            {
                // A macro in place of a value.
                unread = text.Word();
                text.SkipTo(";");
            }
            Labels(text);
        }
        while (text.Take(","));
        return new DeviceTreeProperty([.. bytes], unread, place);
    }

    private string? Cells(DtsText text, int bits, List<byte> bytes)
    {
        string? unread = null;
        Span<byte> cell = stackalloc byte[8];
        while (!text.Take(">"))
        {
            Labels(text);
            ulong value = 0;
            if (text.IsAt("&"))
            {
                Target(text);
            }
            else if (!TryTerm(text, out value, out string? word))
            {
                unread = word;
            }
            BinaryPrimitives.WriteUInt64BigEndian(cell, value);
            bytes.AddRange(cell[(8 - (bits / 8))..]);
            Labels(text);
        }
        return unread;
    }

    private static void Bytes(DtsText text, List<byte> bytes)
    {
        var digits = new StringBuilder();
        while (!text.Take("]"))
        {
            digits.Append(text.Word());
        }
        if (digits.Length % 2 != 0 || !digits.ToString().All(char.IsAsciiHexDigit))
        {
            throw text.Error("expected bytes of two hexadecimal digits each, in square brackets");
        }
        bytes.AddRange(Convert.FromHexString(digits.ToString()));
    }

    /// <summary>A number, where only a number may stand.</summary>
    private ulong Number(DtsText text) => TryTerm(text, out ulong value, out string? word) ? value
        : throw text.Error($"'{word}' is not a number: expected a source behind the C preprocessor, or a compiled tree");

    /// <summary>A number, an expression in parentheses, or a macro that stands for one.</summary>
    /// <returns>False if it skipped a word that Carveout cannot read as a number.</returns>
    private bool TryTerm(DtsText text, out ulong value, out string? unread)
    {
        var terms = new DtsExpression(text, _defines, [DtsExpression.MostMacros]);
        value = terms.Term(0);
        unread = terms.Unread;
        return unread is null;
    }

    private static List<string> Labels(DtsText text)
    {
        var labels = new List<string>();
        while (text.Label() is string label)
        {
            labels.Add(label);
        }
        return labels;
    }

    private void Name(DeviceTreeNode node, List<string> labels)
    {
        foreach (string label in labels)
        {
            _labels[label] = node;
        }
    }

    /// <summary>The node that &amp;label or &amp;{/path} refers to; null if no file that was read contains it.</summary>
    private DeviceTreeNode? Target(DtsText text)
    {
        text.Expect("&");
        if (!text.Take("{"))
        {
            return _labels.GetValueOrDefault(text.Word());
        }
        string path = text.SkipTo("}");
        text.Expect("}");
        DeviceTreeNode? node = _root;
        foreach (string step in path.Trim().Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = node?.Children.Find(child => child.Name == step);
        }
        return node;
    }

    /// <summary>Executes a line as the C preprocessor would.</summary>
    /// <returns>Whether it is one of its directives.</returns>
    private bool Direct(string path, int line, string directive, int depth)
    {
        string[] words = directive.TrimStart('#', ' ', '\t').Split((char[])[' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || !s_directives.Contains(words[0]))
        {
            // "# 12 "file"" is a line mark of the preprocessor's output.
            return words.Length > 0 && words[0].All(char.IsAsciiDigit);
        }
        switch (words[0])
        {
            case "include":
                string file = directive[(directive.IndexOf("include", StringComparison.Ordinal) + "include".Length)..].Trim();
                if (file is ['"', .., '"'])
                {
                    Include(path, line, file[1..^1], depth);
                }
                else
                {
                    _remarks.Add($"#include {file} is not read.");
                }
                break;
            case "define":
                if (words.Length == 3 && !words[1].Contains('('))
                {
                    _defines[words[1]] = words[2];
                }
                break;
            case "if" or "ifdef" or "ifndef":
                _remarks.Add("Conditions of the preprocessor are not evaluated: every branch is read.");
                break;
        }
        return true;
    }

    private void Include(string path, int line, string file, int depth)
    {
        string folder = Path.GetDirectoryName(path) ?? "", full = Path.Combine(folder, file);
        // Files elsewhere on this computer, and devices, do not belong to a board.
        if (file.Split('/', '\\').Contains("..") || Path.IsPathRooted(file) || !File.Exists(full) || new FileInfo(full).Length > MostBytes)
        {
            _remarks.Add($"{Path.GetFileName(path)}:{line}: {file} is not beside it and is not read.");
            return;
        }
        try
        {
            ReadFile(full, File.ReadAllText(full), depth + 1);
        }
        catch (Exception e) when (FileFault.Is(e))
        {
            throw FileFault.Of(full, e);
        }
    }
}
